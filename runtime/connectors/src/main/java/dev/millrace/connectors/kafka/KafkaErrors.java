// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Says in words of the user what clients throw. */
final class KafkaErrors {
    private static final int NAMES_SHOWN_MAX = 20;
    private static final String NO_SUCH_HOST = "No resolvable bootstrap urls";

    private KafkaErrors() {}

    /**
     * The error that a failure of a client means.
     *
     * @param use what the cluster was asked for, such as {@code table "orders"}
     */
    static MillraceException of(Throwable failure, ClientSettings settings, String use) {
        return of(failure, settings, use, ErrorCode.SOURCE_GONE);
    }

    /** @param otherwise the kind of error where the failure is none of those that have their own */
    static MillraceException of(Throwable failure, ClientSettings settings, String use, ErrorCode otherwise) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        // Clients wrap what keeps them from being made.
        if (cause.getClass() == KafkaException.class && cause.getCause() instanceof KafkaException inner) {
            cause = inner;
        }
        return switch (cause) {
            case MillraceException e -> e;
            case AuthenticationException e -> denied("refuse the credentials", settings, use, e);
            case AuthorizationException e -> denied("refuse the access", settings, use, e);
            case ConfigException e when e.getMessage() != null && e.getMessage().startsWith(NO_SUCH_HOST) ->
                    unreachable(settings, use, e);
            case ConfigException e -> new MillraceException(
                    ErrorCode.OPTION_INVALID,
                    "the Kafka client of " + use + " does not take its settings: " + e.getMessage(),
                    null,
                    "correct the options 'properties.…'",
                    e);
            case InvalidTopicException e -> new MillraceException(
                    ErrorCode.OPTION_INVALID,
                    "the name of the topic of " + use + " is not valid: " + e.getMessage(),
                    null,
                    "correct the option 'topic'",
                    e);
            case RetriableException e -> unreachable(settings, use, e);
            case java.util.concurrent.TimeoutException e -> unreachable(settings, use, e);
            default -> new MillraceException(
                    otherwise,
                    "the Kafka client of " + use + " fails (brokers " + settings.servers() + "): "
                            + describe(cause),
                    null,
                    null,
                    cause);
        };
    }

    /** Whether the brokers may answer the same question later. */
    static boolean isUnreachable(MillraceException e) {
        return e.code() == ErrorCode.SERVER_UNREACHABLE;
    }

    static boolean isMissingTopic(Throwable failure) {
        return failure instanceof UnknownTopicOrPartitionException
                || failure.getCause() instanceof UnknownTopicOrPartitionException;
    }

    /** @param topics all topics that there are */
    static MillraceException topicNotFound(
            String topic, ClientSettings settings, String use, Collection<String> topics) {
        List<String> shown = topics.stream().sorted().limit(NAMES_SHOWN_MAX).toList();
        String all = "topics: " + (shown.isEmpty() ? "(none)" : String.join(", ", shown))
                + (topics.size() > shown.size() ? ", …" : "");
        return new MillraceException(
                ErrorCode.TOPIC_NOT_FOUND,
                "topic '" + topic + "' of " + use + " does not exist at the brokers " + settings.servers(),
                NearestName.of(topic, topics).map(near -> "did you mean \"" + near + "\"? ").orElse("") + all
                        + "\nor create it: kafka-topics.sh --bootstrap-server " + settings.servers()
                        + " --create --topic " + topic);
    }

    private static MillraceException denied(String what, ClientSettings settings, String use, Throwable cause) {
        return new MillraceException(
                ErrorCode.ACCESS_DENIED,
                "the brokers " + settings.servers() + " " + what + " of " + use + ": " + describe(cause),
                null,
                "check 'properties.sasl.jaas.config' and 'properties.security.protocol', and the rights of the user",
                cause);
    }

    private static MillraceException unreachable(ClientSettings settings, String use, Throwable cause) {
        return new MillraceException(
                ErrorCode.SERVER_UNREACHABLE,
                "the brokers " + settings.servers() + " of " + use + " do not answer",
                null,
                "check '" + KafkaOption.SERVERS + "', that a broker runs there and can be reached from here,\n"
                        + "and 'properties.security.protocol' (" + describe(cause) + ")",
                cause);
    }

    private static String describe(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
