// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate.retract;

import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.expression.function.Int128;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Storage;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * Operands as objects: Long, Double, BigInteger, Boolean, or the bytes as {@link Text}. They compare as SQL orders them:
 * NaN is the greatest double, -0.0 is below 0.0, strings compare by code point.
 */
final class Operands {
    /** What one entry of a map of operands takes, about. */
    static final int ENTRY_BYTES = 72;

    private Operands() {}

    /** Bytes that are equal by content. */
    static final class Text {
        private final byte[] bytes;

        Text(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Text text && Arrays.equals(bytes, text.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    static Object get(Vector vector, int row) {
        return switch (vector) {
            case LongVector v -> v.get(row);
            case DoubleVector v -> v.get(row);
            case BooleanVector v -> v.get(row);
            case DecimalVector v -> Int128.toBigInteger(v.high()[row], v.low()[row]);
            case BytesVector v -> new Text(v.get(row));
        };
    }

    static void set(Vector vector, int row, Object operand) {
        switch (vector) {
            case LongVector v -> v.set(row, (Long) operand);
            case DoubleVector v -> v.set(row, (Double) operand);
            case BooleanVector v -> v.set(row, (Boolean) operand);
            case DecimalVector v -> {
                BigInteger value = (BigInteger) operand;
                v.set(row, value.shiftRight(64).longValue(), value.longValue());
            }
            case BytesVector v -> v.append(row, ((Text) operand).bytes);
        }
    }

    /** Orders operands of one type. */
    static int compare(Object a, Object b) {
        return switch (a) {
            case Long x -> x.compareTo((Long) b);
            case Double x -> x.compareTo((Double) b);
            case Boolean x -> x.compareTo((Boolean) b);
            case BigInteger x -> x.compareTo((BigInteger) b);
            case Text x -> Arrays.compareUnsigned(x.bytes, ((Text) b).bytes);
            default -> throw new IllegalStateException("not an operand: " + a.getClass());
        };
    }

    /** What a map of operands takes for this one. */
    static long bytes(Object operand) {
        return operand instanceof Text text ? ENTRY_BYTES + text.bytes.length : ENTRY_BYTES;
    }

    static void save(Object operand, StateWriter out) {
        switch (operand) {
            case Long x -> out.writeLong(x);
            case Double x -> out.writeDouble(x);
            case Boolean x -> out.writeBoolean(x);
            case BigInteger x -> {
                out.writeLong(x.shiftRight(64).longValue());
                out.writeLong(x.longValue());
            }
            case Text x -> {
                out.writeInt(x.bytes.length);
                out.writeBytes(x.bytes, 0, x.bytes.length);
            }
            default -> throw new IllegalStateException("not an operand: " + operand.getClass());
        }
    }

    static Object restore(Storage storage, StateReader in) {
        return switch (storage) {
            case LONG -> in.readLong();
            case DOUBLE -> in.readDouble();
            case BOOLEAN -> in.readBoolean();
            case DECIMAL128 -> {
                long high = in.readLong();
                yield Int128.toBigInteger(high, in.readLong());
            }
            case BYTES -> {
                byte[] bytes = new byte[in.readInt()];
                in.readBytes(bytes, 0, bytes.length);
                yield new Text(bytes);
            }
        };
    }
}
