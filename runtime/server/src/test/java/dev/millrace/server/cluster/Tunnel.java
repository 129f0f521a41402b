// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.cluster;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/** A network device of Linux whose packets this process reads and writes. */
@SuppressWarnings("restricted")
final class Tunnel {
    /** The greatest packet. */
    static final int PACKET_BYTES_MAX = 1_500;

    private static final int READ_WRITE = 2;
    private static final long SET_INTERFACE = 0x4004_54caL;
    /** Packets of IP without a header before them. */
    private static final short TUN_WITHOUT_HEADER = 0x1001;
    private static final int REQUEST_BYTES = 40;
    private static final int NAME_BYTES = 16;

    private static final MethodHandle OPEN = handle(
            "open", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT), 2);
    private static final MethodHandle IOCTL = handle(
            "ioctl",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
            2);
    private static final MethodHandle READ = handle(
            "read",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle WRITE = handle(
            "write",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));

    private final int file;

    private Tunnel(int file) {
        this.file = file;
    }

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow(name),
                descriptor);
    }

    /** @param fixed number of arguments before those that may be left out */
    private static MethodHandle handle(String name, FunctionDescriptor descriptor, int fixed) {
        return Linker.nativeLinker().downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow(name), descriptor,
                Linker.Option.firstVariadicArg(fixed));
    }

    /** Makes a device; it goes with this process, or with the namespace that it was moved to. */
    static Tunnel open(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int file = (int) OPEN.invokeExact(arena.allocateFrom("/dev/net/tun"), READ_WRITE);
            MemorySegment request = arena.allocate(REQUEST_BYTES);
            MemorySegment.copy(
                    name.getBytes(StandardCharsets.US_ASCII), 0, request, ValueLayout.JAVA_BYTE, 0, name.length());
            request.set(ValueLayout.JAVA_SHORT, NAME_BYTES, TUN_WITHOUT_HEADER);
            if (file < 0 || (int) IOCTL.invokeExact(file, SET_INTERFACE, request) < 0) {
                throw new IOException("the device " + name + " can't be made: is /dev/net/tun there, for this user?");
            }
            return new Tunnel(file);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for a packet; gives its bytes, or a negative number when the device is gone. */
    long read(MemorySegment packet) {
        try {
            return (long) READ.invokeExact(file, packet, packet.byteSize());
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Gives a packet to who is behind the device; lost if it is gone. */
    void write(MemorySegment packet, long bytes) {
        try {
            long _ = (long) WRITE.invokeExact(file, packet, bytes);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
