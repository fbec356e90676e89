package io.bpfagent.cli;

import io.bpfagent.cli.jvm.AgentHandOver;
import io.bpfagent.cli.jvm.AgentProbeSearcher;
import io.bpfagent.cli.jvm.HandOver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command itself: finds the verb; a PID alone means {@code attach}. */
@Command(name = "attach-cli", mixinStandardHelpOptions = true, versionProvider = Version.class,
    sortOptions = false, commandListHeading = "%nVerbs:%n",
    customSynopsis = {"attach-cli PID [key=value,...]", "       attach-cli VERB [PID] [options]"},
    description = "%nAttaches bpf-agent to a running JVM, and shows where its threads' time goes.%n",
    footerHeading = "%nExamples:%n", footer = {
        "  attach-cli list                            which JVMs run here",
        "  attach-cli 4711                            attach to one",
        "  attach-cli doctor 4711                     whether that will work, and if not why",
        "  attach-cli 4711 interval=500ms             with arguments for the agent",
        "  attach-cli top 4711                        where its threads' time goes, live",
        "  attach-cli threads 4711                    where its threads' time went",
        "  attach-cli hist 4711 --metric runnable     how long they waited for a CPU",
        "  attach-cli pauses 4711 --min 10ms          why its pauses were so long",
        "  attach-cli events 4711 --min 50ms          single waits that were long, and why",
        "  attach-cli contexts 4711                   where the time of its requests went",
        "  attach-cli record 4711 --duration 60s -o FILE.json   keep it for later",
        "  attach-cli report FILE.json -o FILE.html    and look at it in a browser",
        "  attach-cli probe 4711 add x tp:GROUP:EVENT  count what you name yourself",
        "  attach-cli detach 4711                     take it out again",
        "%nExit code: 0 done, 1 failed (one line says why and what to do), 2 wrong usage,",
        "130 ended by Ctrl-C.",
    })
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec;

    private Main() {
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(commandLine(Environment.system()).execute(withVerb(arguments)));
    }

    /** The whole command line over this environment. */
    static CommandLine commandLine(Environment environment) {
        return commandLine(environment, new AgentHandOver(environment.agentJar()));
    }

    static CommandLine commandLine(Environment environment, HandOver handOver) {
        return new CommandLine(new Main())
            .addSubcommand(new ListVerb(environment))
            .addSubcommand(new DoctorVerb(environment))
            .addSubcommand(new AttachVerb(environment, handOver))
            .addSubcommand(new StatusVerb(environment))
            .addSubcommand(new ThreadsVerb(environment))
            .addSubcommand(new HistVerb(environment))
            .addSubcommand(new PausesVerb(environment))
            .addSubcommand(new DisksVerb(environment))
            .addSubcommand(new EventsVerb(environment))
            .addSubcommand(new RemotesVerb(environment))
            .addSubcommand(new ContextsVerb(environment))
            .addSubcommand(new TopVerb(environment))
            .addSubcommand(new RecordVerb(environment))
            .addSubcommand(new ReportVerb(environment))
            .addSubcommand(new ProbesVerb(environment))
            .addSubcommand(new SetVerb(environment))
            .addSubcommand(new DetachVerb(environment))
            .addSubcommand(new CommandLine(new ProbeVerb(environment))
                .addSubcommand(new ProbeAddVerb(environment))
                .addSubcommand(new ProbeRemoveVerb(environment))
                .addSubcommand(new ProbeListVerb(environment))
                .addSubcommand(new ProbeSearchVerb(environment, new AgentProbeSearcher(environment.agentJar()))))
            .setUsageHelpWidth(80)
            .setParameterExceptionHandler(Failures::wrongUsage)
            .setExecutionExceptionHandler(Failures::failed);
    }

    /**
     * The arguments with {@code attach} before a leading PID, or a part of a name that cannot be a verb with a
     * mistake in it: verbs are small letters.
     */
    static String[] withVerb(String[] arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        for (int i = 0; i < all.size(); i++) {
            if (!all.get(i).startsWith("-")) {
                if (all.get(i).matches("[0-9]+|.*[A-Z._/].*")) {
                    all.add(0, "attach");
                }
                break;
            }
        }
        return all.toArray(String[]::new);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A PID or a verb must be given");
    }
}
