// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Clients that cost connections, threads and memory, one for all who need the same. A client is made for the first and
 * closed behind the last. Safe for use by several threads.
 */
final class Shared<T extends AutoCloseable> {
    private final Function<ClientSettings, T> factory;
    private final Map<ClientSettings, Counted<T>> clients = new HashMap<>();

    Shared(Function<ClientSettings, T> factory) {
        this.factory = factory;
    }

    private static final class Counted<T> {
        private final T client;
        private int leases;

        private Counted(T client) {
            this.client = client;
        }
    }

    /** A client in use; to be closed once. */
    final class Lease implements AutoCloseable {
        private final ClientSettings settings;
        private final T client;

        private Lease(ClientSettings settings, T client) {
            this.settings = settings;
            this.client = client;
        }

        T client() {
            return client;
        }

        @Override
        public void close() {
            giveBack(settings);
        }
    }

    /** @throws RuntimeException what the factory throws */
    synchronized Lease acquire(ClientSettings settings) {
        Counted<T> counted = clients.get(settings);
        if (counted == null) {
            counted = new Counted<>(factory.apply(settings));
            clients.put(settings, counted);
        }
        counted.leases++;
        return new Lease(settings, counted.client);
    }

    private void giveBack(ClientSettings settings) {
        T last;
        synchronized (this) {
            Counted<T> counted = clients.get(settings);
            if (--counted.leases > 0) {
                return;
            }
            clients.remove(settings);
            last = counted.client;
        }
        try {
            last.close();
        } catch (Exception e) {
            throw new IllegalStateException("a Kafka client can't be closed", e);
        }
    }
}
