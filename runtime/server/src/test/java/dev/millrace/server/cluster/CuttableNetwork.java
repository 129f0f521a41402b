// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Hosts that are network namespaces of this machine, and the switch between them, through which every packet goes: it can
 * cut each way apart, and delay and lose packets. This process is one of the hosts, the last one.
 *
 * <p>It takes a user who may make namespaces and devices, and the command {@code ip}.
 */
final class CuttableNetwork implements AutoCloseable {
    private record Way(int from, int to) {}

    private static final int DESTINATION = 16;
    private static final int PERCENT = 100;

    private final int hosts;
    /** The same on no other machine's networks, as far as can be. */
    private final String prefix = "10." + (200 + ProcessHandle.current().pid() / 250 % 50) + "."
            + ProcessHandle.current().pid() % 250 + ".";
    private final String names = "mr" + ProcessHandle.current().pid();
    private final List<Tunnel> tunnels = new ArrayList<>();
    private final Set<Way> cuts = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService late =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("late-packets").factory());
    private volatile long delayMicros;
    private volatile int lossPercent;

    /** @param hosts how many besides this process */
    CuttableNetwork(int hosts) throws IOException, InterruptedException {
        this.hosts = hosts;
        for (int host = 0; host <= hosts; host++) {
            String device = names + "-" + host;
            Tunnel tunnel = Tunnel.open(device);
            tunnels.add(tunnel);
            if (host < hosts) {
                ip("netns", "add", device);
                ip("link", "set", device, "netns", device);
                ip("-n", device, "link", "set", "lo", "up");
                ip("-n", device, "addr", "add", address(host) + "/24", "dev", device);
                ip("-n", device, "link", "set", device, "up");
            } else {
                ip("addr", "add", address(host) + "/24", "dev", device);
                ip("link", "set", device, "up");
            }
            int from = host;
            Thread.ofPlatform().daemon().name("switch-" + host).start(() -> pass(from));
        }
    }

    /** Whether this user may make one, as far as that can be told without trying. */
    static boolean isPossible() {
        return Files.isWritable(Path.of("/dev/net/tun"));
    }

    private static void ip(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(Arrays.asList(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }

    /** The address of a host. */
    String address(int host) {
        return prefix + (host + 1);
    }

    /** The number of this process. */
    int here() {
        return hosts;
    }

    /** What stands before a command that is to run on a host. */
    List<String> on(int host) {
        return List.of("ip", "netns", "exec", names + "-" + host);
    }

    /** Lets no packets through any more from one host to another. */
    void cut(int from, int to) {
        cuts.add(new Way(from, to));
    }

    /** Lets no packets through any more between a host and other ones, this process not among them. */
    void isolate(int host) {
        for (int other = 0; other < hosts; other++) {
            cut(host, other);
            cut(other, host);
        }
    }

    /** Lets all packets through again. */
    void heal() {
        cuts.clear();
    }

    /** Packets between hosts, this process not among them, come later by so much and up to as much again, or not at all. */
    void disturb(Duration delay, int lossPercent) {
        delayMicros = delay.toNanos() / 1_000;
        this.lossPercent = lossPercent;
    }

    private void pass(int from) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment packet = arena.allocate(Tunnel.PACKET_BYTES_MAX);
            for (long bytes = tunnels.get(from).read(packet); bytes > 0; bytes = tunnels.get(from).read(packet)) {
                int to = destination(packet);
                if (to >= 0 && to <= hosts && !cuts.contains(new Way(from, to))) {
                    pass(from, to, packet, bytes);
                }
            }
        }
    }

    /** The host that a packet of IP version 4 is for, or -1. */
    private static int destination(MemorySegment packet) {
        boolean isVersion4 = (packet.get(ValueLayout.JAVA_BYTE, 0) & 0xf0) == 0x40;
        return isVersion4 ? (packet.get(ValueLayout.JAVA_BYTE, DESTINATION + 3) & 0xff) - 1 : -1;
    }

    private void pass(int from, int to, MemorySegment packet, long bytes) {
        boolean disturbed = from < hosts && to < hosts;
        if (disturbed && lossPercent > ThreadLocalRandom.current().nextInt(PERCENT)) {
            return;
        }
        if (!disturbed || delayMicros == 0) {
            tunnels.get(to).write(packet, bytes);
            return;
        }
        MemorySegment copy = Arena.ofAuto().allocate(bytes);
        copy.copyFrom(packet.asSlice(0, bytes));
        long micros = delayMicros + ThreadLocalRandom.current().nextLong(delayMicros);
        late.schedule(() -> tunnels.get(to).write(copy, bytes), micros, TimeUnit.MICROSECONDS);
    }

    /** The hosts are gone; what runs there is to have ended before. */
    @Override
    public void close() {
        try {
            for (int host = 0; host < hosts; host++) {
                ip("netns", "del", names + "-" + host);
            }
            ip("link", "del", names + "-" + hosts);
            late.shutdownNow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
