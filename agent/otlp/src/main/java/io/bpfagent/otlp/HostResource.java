package io.bpfagent.otlp;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.autoconfigure.ResourceConfiguration;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Whose the numbers are, by OpenTelemetry's conventions: service, process, Java, host. What the user says
 * ({@code OTEL_SERVICE_NAME}, {@code OTEL_RESOURCE_ATTRIBUTES}) takes precedence.
 */
final class HostResource {
    private static final int MOST_FILE = 256;
    private static final String JAR = ".jar";

    private HostResource() {
    }

    static Resource of(ConfigProperties config, int pid) {
        AttributesBuilder attributes = Attributes.builder();
        put(attributes, "service.name", serviceName(System.getProperty("sun.java.command")));
        // So that JVMs of one service can be told apart, and added up.
        attributes.put("service.instance.id", UUID.randomUUID().toString());
        attributes.put("process.pid", (long) pid);
        put(attributes, "process.runtime.name", System.getProperty("java.runtime.name"));
        put(attributes, "process.runtime.version", System.getProperty("java.runtime.version"));
        put(attributes, "process.runtime.description", System.getProperty("java.vm.name"));
        // Read and not looked up: a name server may take seconds.
        put(attributes, "host.name", firstLine("/proc/sys/kernel/hostname"));
        put(attributes, "host.id", firstLine("/etc/machine-id"));
        put(attributes, "host.arch", architecture(System.getProperty("os.arch", "")));
        attributes.put("os.type", "linux");
        return Resource.getDefault().merge(Resource.create(attributes.build()))
                .merge(ResourceConfiguration.createEnvironmentResource(config));
    }

    /** The jar's name without its ending, or the main class; null where neither is known. */
    static String serviceName(String command) {
        if (command == null || command.isBlank()) {
            return null;
        }
        String first = command.strip().split("\\s", 2)[0];
        String name = first.substring(first.lastIndexOf('/') + 1);
        return name.endsWith(JAR) ? name.substring(0, name.length() - JAR.length()) : first;
    }

    /** As the conventions call it. */
    private static String architecture(String java) {
        return java.equals("aarch64") ? "arm64" : java;
    }

    private static void put(AttributesBuilder attributes, String key, String value) {
        if (value != null && !value.isBlank()) {
            attributes.put(key, value.strip());
        }
    }

    private static String firstLine(String file) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of(file));
            return new String(bytes, 0, Math.min(bytes.length, MOST_FILE), StandardCharsets.UTF_8)
                    .strip().split("\n", 2)[0];
        } catch (IOException | SecurityException e) {
            return null;
        }
    }
}
