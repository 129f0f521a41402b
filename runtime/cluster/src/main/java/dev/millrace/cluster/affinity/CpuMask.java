// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.affinity;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.BitSet;

/** The CPUs that a thread of this process may run on, as the kernel of Linux keeps them. */
final class CpuMask {
    /** Room for 8,192 CPUs, as many as the kernel can be built for. */
    private static final int MASK_BYTES = 1024;

    private static final FunctionDescriptor SIGNATURE = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);

    private final MethodHandle get;
    private final MethodHandle set;

    private CpuMask(MethodHandle get, MethodHandle set) {
        this.get = get;
        this.set = set;
    }

    /** The kernel's two calls, or null where there are none: not on Linux, or not allowed. */
    @SuppressWarnings("restricted") // The launcher allows native access; the signature is that of the C library.
    static CpuMask open() {
        Linker linker = Linker.nativeLinker();
        SymbolLookup lookup = linker.defaultLookup();
        MemorySegment get = lookup.find("sched_getaffinity").orElse(null);
        MemorySegment set = lookup.find("sched_setaffinity").orElse(null);
        if (get == null || set == null) {
            return null;
        }
        return new CpuMask(linker.downcallHandle(get, SIGNATURE), linker.downcallHandle(set, SIGNATURE));
    }

    /**
     * Where a thread may run.
     *
     * @param thread the kernel's number of the thread
     * @return numbers of CPUs; empty if there is no such thread any more, or the call is refused
     */
    BitSet of(int thread) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
            return call(get, thread, mask) ? BitSet.valueOf(mask.asByteBuffer()) : new BitSet();
        }
    }

    /**
     * Tells the kernel where a thread may run.
     *
     * @param thread the kernel's number of the thread
     * @param cpus numbers of CPUs, at least one
     * @return false if there is no such thread any more, or the call is refused
     */
    boolean set(int thread, BitSet cpus) {
        byte[] bytes = cpus.toByteArray();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
            MemorySegment.copy(bytes, 0, mask, JAVA_BYTE, 0, bytes.length);
            return call(set, thread, mask);
        }
    }

    private static boolean call(MethodHandle function, int thread, MemorySegment mask) {
        try {
            return (int) function.invokeExact(thread, (long) MASK_BYTES, mask) >= 0;
        } catch (Throwable e) {
            throw new IllegalStateException("a call of the kernel that throws nothing has thrown", e);
        }
    }
}
