// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;

/** What METADATA columns can hold of a record besides its value. */
enum MetadataKey {
    TOPIC("topic", Set.of(TypeKind.VARCHAR)),
    PARTITION("partition", Set.of(TypeKind.INTEGER, TypeKind.BIGINT)),
    OFFSET("offset", Set.of(TypeKind.BIGINT)),
    LEADER_EPOCH("leader-epoch", Set.of(TypeKind.INTEGER, TypeKind.BIGINT)),
    /** In the unit of the column's precision, or as a number of milliseconds. */
    TIMESTAMP("timestamp", Set.of(TypeKind.TIMESTAMP_LTZ, TypeKind.TIMESTAMP, TypeKind.BIGINT)),
    TIMESTAMP_TYPE("timestamp-type", Set.of(TypeKind.VARCHAR)),
    /** The bytes of the key. */
    KEY("key", Set.of(TypeKind.VARBINARY, TypeKind.VARCHAR)),
    /** A JSON object. */
    HEADERS("headers", Set.of(TypeKind.VARCHAR));

    private final String key;
    private final Set<TypeKind> kinds;

    MetadataKey(String key, Set<TypeKind> kinds) {
        this.key = key;
        this.kinds = kinds;
    }

    /**
     * What a column of a table holds, or null if it is not a METADATA column.
     *
     * @throws MillraceException if it can't hold that
     */
    static MetadataKey of(TableDefinition table, Column column) {
        String key = table.metadata().get(column.name());
        if (key == null) {
            return null;
        }
        for (MetadataKey candidate : values()) {
            if (candidate.key.equals(key)) {
                candidate.check(table, column);
                return candidate;
            }
        }
        List<String> names = Arrays.stream(values()).map(value -> value.key).toList();
        throw new MillraceException(
                ErrorCode.OPTION_INVALID,
                "metadata '" + key + "' of column \"" + column.name() + "\" of table \"" + table.name()
                        + "\" is not known",
                NearestName.hint(key, names, "metadata of Kafka's records"));
    }

    /** The names of all. */
    static Set<String> readable() {
        return Arrays.stream(values()).map(value -> value.key).collect(Collectors.toSet());
    }

    /** The names of those that a sink sets. */
    static Set<String> writable() {
        return Arrays.stream(values())
                .filter(MetadataKey::isWritable)
                .map(value -> value.key)
                .collect(Collectors.toSet());
    }

    /** Whether a sink sets it; the others are what the broker makes of a record. */
    boolean isWritable() {
        return this == TIMESTAMP || this == HEADERS;
    }

    private void check(TableDefinition table, Column column) {
        SqlType type = column.type();
        boolean holdsAll = type.kind() != TypeKind.VARCHAR && type.kind() != TypeKind.VARBINARY
                || type.precision() == SqlType.UNLIMITED;
        if (!kinds.contains(type.kind()) || !holdsAll) {
            throw new MillraceException(
                    ErrorCode.TYPE_MISMATCH,
                    "column \"" + column.name() + "\" of table \"" + table.name() + "\" is "
                            + type.withNullable(true) + ", which does not hold metadata '" + key + "'",
                    "declare it as " + natural());
        }
    }

    private SqlType natural() {
        return switch (this) {
            case TOPIC, TIMESTAMP_TYPE, HEADERS -> SqlType.STRING;
            case PARTITION, LEADER_EPOCH -> SqlType.INTEGER;
            case OFFSET -> SqlType.BIGINT;
            case TIMESTAMP -> SqlType.timestampLtz(3);
            case KEY -> SqlType.BYTES;
        };
    }

    /** Sets a row of a column to what the record has. */
    void set(ConsumerRecord<ByteBuffer, ByteBuffer> record, SqlType type, Vector column, int row) {
        switch (this) {
            case TOPIC -> ((BytesVector) column).append(row, record.topic());
            case PARTITION -> ((LongVector) column).set(row, record.partition());
            case OFFSET -> ((LongVector) column).set(row, record.offset());
            case LEADER_EPOCH -> {
                if (record.leaderEpoch().isPresent()) {
                    ((LongVector) column).set(row, record.leaderEpoch().get());
                } else {
                    column.setNull(row);
                }
            }
            case TIMESTAMP -> {
                if (record.timestampType() == TimestampType.NO_TIMESTAMP_TYPE) {
                    column.setNull(row);
                } else {
                    ((LongVector) column).set(row, record.timestamp() * unitsPerMilli(type));
                }
            }
            case TIMESTAMP_TYPE -> ((BytesVector) column).append(row, record.timestampType().toString());
            case KEY -> {
                ByteBuffer key = record.key();
                if (key == null) {
                    column.setNull(row);
                } else {
                    BytesVector bytes = (BytesVector) column;
                    int at = bytes.reserve(key.remaining());
                    key.get(key.position(), bytes.data(), at, key.remaining());
                    bytes.point(row, at, key.remaining());
                }
            }
            case HEADERS -> {
                byte[] headers = HeaderText.of(record.headers());
                BytesVector bytes = (BytesVector) column;
                int at = bytes.reserve(headers.length);
                System.arraycopy(headers, 0, bytes.data(), at, headers.length);
                bytes.point(row, at, headers.length);
            }
        }
    }

    /** What one millisecond is in the unit of a column that holds a time. */
    static long unitsPerMilli(SqlType type) {
        return type.kind() == TypeKind.BIGINT ? 1 : type.unitsPerSecond() / 1_000;
    }
}
