package io.bpfagent.correlation.pause;

import io.bpfagent.correlation.PauseDetail;

/**
 * Takes pauses apart, one at a time, for whoever asks first; any thread. Keeps the scratch for the next one: 330 bytes
 * at most for each record of the largest pause, 1.3 MiB at most. That of a pause of more than {@value #MOST_KEPT}
 * records is not kept.
 */
final class Anatomist {
    private static final int MOST_KEPT = 4096;

    private PauseAnatomy anatomy = new PauseAnatomy();

    synchronized PauseDetail takeApart(PauseWindow window) {
        PauseDetail detail = anatomy.of(window);
        if (window.records().to() > MOST_KEPT) {
            anatomy = new PauseAnatomy();
        }
        return detail;
    }
}
