// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.affinity;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which threads of this process are pinned to which CPU. Only CPUs that the process itself may use are given away: those
 * of its control group and of {@code taskset}.
 */
public final class PinnedThreads {
    private static final Logger LOG = LoggerFactory.getLogger(PinnedThreads.class);
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final Path CURRENT_TASK = Path.of("/proc/thread-self");
    private static final String SIBLINGS = "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list";

    // One for the process, since threads of several nodes in it share the CPUs.
    private static final PinnedThreads PROCESS = new PinnedThreads(CpuMask.open());

    private final CpuMask masks;
    // The kernel keeps a mask for each thread; that of the first one, which runs no Java, stays the process's.
    private final int firstThread = (int) ProcessHandle.current().pid();
    private final Map<Integer, Integer> cpuOfThread = new HashMap<>();
    private boolean hasWarned;

    private PinnedThreads(CpuMask masks) {
        this.masks = masks;
    }

    /** Those of this process. */
    public static PinnedThreads ofProcess() {
        return PROCESS;
    }

    /** How many CPUs threads can be pinned to; 0 if this system does not let threads be pinned. */
    public int cpus() {
        return allowed().cardinality();
    }

    private BitSet allowed() {
        return masks == null || !Files.exists(CURRENT_TASK) ? new BitSet() : masks.of(firstThread);
    }

    /** Pins the calling thread to the CPU that has the fewest so far, until it {@linkplain #release ends}. */
    synchronized void pin() {
        int thread = currentThread();
        int cpu = leastTaken(allowed());
        BitSet mask = new BitSet();
        if (thread < 0 || cpu < 0) {
            warn("not known");
            return;
        }
        mask.set(cpu);
        if (masks.set(thread, mask)) {
            cpuOfThread.put(thread, cpu);
        } else {
            warn(String.valueOf(cpu));
        }
    }

    private void warn(String cpu) {
        if (!hasWarned) {
            hasWarned = true;
            LOG.warn("affinity: a thread can't be pinned (CPU {}); it runs wherever the system lets it", cpu);
        }
    }

    /** The calling thread ends. */
    synchronized void release() {
        cpuOfThread.remove(currentThread());
    }

    /**
     * Lets those threads run everywhere that are pinned only since a pinned thread has started them: a thread has the
     * mask of the one that starts it. Who starts a thread can't know, as it is often a pool that grows.
     */
    public synchronized void freeHeirs() {
        BitSet allowed = allowed();
        Set<BitSet> pins = new HashSet<>();
        for (int cpu : cpuOfThread.values()) {
            BitSet pin = new BitSet();
            pin.set(cpu);
            pins.add(pin);
        }
        // With one CPU to choose from, everybody's mask is that of the pinned.
        if (pins.isEmpty() || allowed.cardinality() <= 1) {
            return;
        }
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                int thread = number(task);
                if (!cpuOfThread.containsKey(thread) && pins.contains(masks.of(thread))) {
                    masks.set(thread, allowed);
                }
            }
        } catch (IOException e) {
            LOG.debug("threads can't be listed", e);
        }
    }

    private int leastTaken(BitSet allowed) {
        int best = -1;
        int fewest = Integer.MAX_VALUE;
        for (int cpu : coresFirst(allowed)) {
            int threads = Collections.frequency(cpuOfThread.values(), cpu);
            if (threads < fewest) {
                best = cpu;
                fewest = threads;
            }
        }
        return best;
    }

    /** One CPU of each core, and then those that share a core with one of them. */
    private static List<Integer> coresFirst(BitSet allowed) {
        List<Integer> cpus = new ArrayList<>();
        List<Integer> siblings = new ArrayList<>();
        Set<String> cores = new HashSet<>();
        allowed.stream().forEach(cpu -> (cores.add(core(cpu)) ? cpus : siblings).add(cpu));
        cpus.addAll(siblings);
        return cpus;
    }

    private static String core(int cpu) {
        try {
            return Files.readString(Path.of(SIBLINGS.formatted(cpu)));
        } catch (IOException e) {
            // Unknown, as in some containers: a core of its own.
            return String.valueOf(cpu);
        }
    }

    private static int currentThread() {
        try {
            return number(CURRENT_TASK.toRealPath());
        } catch (IOException e) {
            return -1;
        }
    }

    private static int number(Path task) {
        return Integer.parseInt(task.getFileName().toString());
    }
}
