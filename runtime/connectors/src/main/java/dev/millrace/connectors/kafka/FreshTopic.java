// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;

/** A topic that is there for one measurement. */
public final class FreshTopic implements AutoCloseable {
    private static final int ANSWER_SECONDS_MAX = 10;

    private final String servers;
    private final String name;

    /**
     * Makes the topic.
     *
     * @param servers the brokers, as {@code host:port}
     * @throws MillraceException if they don't, or don't answer
     */
    public FreshTopic(String servers, String name, int partitions) {
        this.servers = servers;
        this.name = name;
        try (Admin admin = admin()) {
            await(admin.createTopics(List.of(new NewTopic(name, Optional.of(partitions), Optional.empty()))).all());
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    public String name() {
        return name;
    }

    private Admin admin() {
        return Admin.create(Map.of(
                "bootstrap.servers", servers, "default.api.timeout.ms", ANSWER_SECONDS_MAX * 1_000,
                "request.timeout.ms", ANSWER_SECONDS_MAX * 1_000));
    }

    private void await(KafkaFuture<Void> answer) {
        try {
            answer.get(ANSWER_SECONDS_MAX + 1, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw failed(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(e);
        }
    }

    private MillraceException failed(Throwable cause) {
        return new MillraceException(
                ErrorCode.SERVER_UNREACHABLE, "the brokers " + servers + " don't make topic '" + name + "': " + cause,
                null, "check that a broker runs there, and that this user may make topics", cause);
    }

    /** Deletes the topic. */
    @Override
    public void close() {
        try (Admin admin = admin()) {
            await(admin.deleteTopics(List.of(name)).all());
        }
    }
}
