package io.bpfagent.cli;

import io.bpfagent.cli.control.ControlClient;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.JvmList;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.control.StatusDocument;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.jvm.Container;
import io.bpfagent.cli.jvm.JvmFinder;
import io.bpfagent.cli.jvm.TargetProcess;
import io.bpfagent.cli.jvm.UserNames;
import io.bpfagent.cli.text.JvmListText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code list}: the JVMs here, and which have the agent. It attaches to nothing. */
@Command(name = "list", header = "Lists the JVMs you may see, and whether the agent is in them.", footer = {
    "  attach-cli list",
    "  attach-cli list --format json"})
final class ListVerb extends Verb {

    /** A list is to be quick; who does not answer in that time gets a question mark. */
    private static final long TIMEOUT_MS = 2_000;

    ListVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() throws IOException {
        UserNames users = new UserNames();
        List<JvmList.Jvm> jvms = new ArrayList<>();
        for (TargetProcess process : new JvmFinder(environment().proc(), environment().ownPid()).find()) {
            JvmList.Jvm jvm = entry(process, users.of(process));
            if (process.isAlive()) { // one that ended meanwhile has no name any more
                jvms.add(jvm);
            }
        }
        JvmList list = JvmList.of(jvms);
        print(Documents.write(list), () -> JvmListText.of(list));
        return 0;
    }

    private static JvmList.Jvm entry(TargetProcess process, String user) {
        String agent = "on";
        String state = null;
        try {
            String answer = new ControlClient(process, TIMEOUT_MS).ask(Request.of("status"));
            state = Documents.read(answer, StatusDocument.class).state();
        } catch (CliException noAnswer) {
            agent = noAnswer.error() == CliError.NO_AGENT ? "off" : null;
        }
        Container container = process.container();
        return new JvmList.Jvm(process.pid(), process.name(), process.jdk().orElse(null), user,
            container.isAny() ? container : null, agent, state);
    }
}
