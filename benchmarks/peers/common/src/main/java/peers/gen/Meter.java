// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package peers.gen;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** One measured run: first record to last result, the second half on its own, and process CPU time. */
public final class Meter {
    private static final com.sun.management.OperatingSystemMXBean OS =
            (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** The run in progress; engines that run in this JVM report to it from their sources and sinks. */
    public static volatile Meter current;

    public final long records;
    private final AtomicLong first = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong half = new AtomicLong(Long.MIN_VALUE);
    private final AtomicLong last = new AtomicLong(Long.MIN_VALUE);
    public final AtomicLong rows = new AtomicLong();
    public final AtomicLong sum = new AtomicLong();
    private long cpu0;
    private long gc0;
    private volatile long cpu1;
    private volatile long gc1;

    public Meter(long records) {
        this.records = records;
        current = this;
    }

    public static Meter start(long records) {
        Meter m = new Meter(records);
        m.begin();
        return m;
    }

    /** A source emits its first record. Returns when the first of all sources did. */
    public long begin() {
        if (first.compareAndSet(Long.MAX_VALUE, System.nanoTime())) {
            cpu0 = OS.getProcessCpuTime();
            gc0 = gcMillis();
        }
        return first.get();
    }

    /** A source has emitted half of its records. */
    public void halfway() {
        half.accumulateAndGet(System.nanoTime(), Math::max);
    }

    /** A sink has taken its last row. */
    public synchronized void end() {
        last.set(System.nanoTime());
        cpu1 = OS.getProcessCpuTime();
        gc1 = gcMillis();
    }

    public double seconds() {
        return (last.get() - first.get()) / 1e9;
    }

    public boolean print(String peer, String workload, String mode, int parallelism, int run,
            long rowsOut, long checksum, Reference expected) {
        return print(peer, workload, mode, parallelism, run, rowsOut, checksum, expected, "");
    }

    public boolean print(String peer, String workload, String mode, int parallelism, int run,
            long rowsOut, long checksum, Reference expected, String extra) {
        double s = seconds(), cpu = (cpu1 - cpu0) / 1e9;
        double h = half.get() == Long.MIN_VALUE ? s / 2 : (last.get() - half.get()) / 1e9;
        String ok = expected == null ? "n/a" : String.valueOf(expected.sum == checksum);
        System.out.printf(Locale.ROOT,
                "RESULT peer=%s workload=%s mode=%s parallelism=%d run=%d records=%d seconds=%.3f rate=%.0f "
                        + "rate_2nd_half=%.0f cpu_s=%.1f rate_per_cpu_s=%.0f gc_s=%.2f rows_out=%d checksum=%016x ok=%s java=%s%s%n",
                peer, workload, mode, parallelism, run, records, s, records / s, records / 2.0 / h, cpu, records / cpu,
                (gc1 - gc0) / 1e3, rowsOut, checksum, ok, Runtime.version().feature(), extra);
        System.out.flush();
        return expected == null || expected.sum == checksum;
    }

    private static long gcMillis() {
        long t = 0;
        for (GarbageCollectorMXBean b : ManagementFactory.getGarbageCollectorMXBeans())
            t += Math.max(0, b.getCollectionTime());
        return t;
    }
}
