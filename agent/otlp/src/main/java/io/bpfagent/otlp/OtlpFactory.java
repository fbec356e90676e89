package io.bpfagent.otlp;

import io.bpfagent.extension.Extension;
import io.bpfagent.extension.ExtensionException;
import io.bpfagent.extension.ExtensionFactory;
import io.bpfagent.extension.ExtensionHost;

/** Where the agent enters this jar. */
public final class OtlpFactory implements ExtensionFactory {
    @Override
    public Extension open(ExtensionHost host) throws ExtensionException {
        return OtlpExtension.open(host);
    }
}
