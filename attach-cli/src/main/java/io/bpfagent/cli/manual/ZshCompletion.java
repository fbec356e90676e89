package io.bpfagent.cli.manual;

/** What makes zsh use the completion that was made for bash. */
public final class ZshCompletion {

    private ZshCompletion() {
    }

    /** A file {@code _COMMAND} for a directory of zsh's {@code fpath}; that of bash is {@code ../bash/COMMAND}. */
    public static String of(String command) {
        return "#compdef " + command + "\n"
            + "# zsh runs the completion of bash. The first call loads it, and completes as well.\n"
            + "autoload -U +X bashcompinit && bashcompinit\n"
            + "source \"${${(%):-%x}:A:h}/../bash/" + command + "\"\n"
            + "_bash_complete -o default -F _complete_" + command + "\n";
    }
}
