// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import dev.millrace.engine.error.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The interpreter's functions on strings. */
final class InterpretedStrings {
    private InterpretedStrings() {}

    static Object function(Operation operation, Object[] values) {
        if (values[0] instanceof ByteBuffer bytes) {
            return (long) bytes.array().length;
        }
        String text = (String) values[0];
        int[] characters = text.codePoints().toArray();
        return switch (operation) {
            case UPPER -> text.toUpperCase(Locale.ROOT);
            case LOWER -> text.toLowerCase(Locale.ROOT);
            case INITCAP -> initcap(characters);
            case TRIM -> trimmed(characters, set(values), true, true);
            case LTRIM -> trimmed(characters, set(values), true, false);
            case RTRIM -> trimmed(characters, set(values), false, true);
            case SUBSTRING -> substring(characters, (Long) values[1], values.length > 2 ? (Long) values[2] : 1L << 40);
            case CHAR_LENGTH -> (long) characters.length;
            case OCTET_LENGTH -> (long) text.getBytes(StandardCharsets.UTF_8).length;
            case CONCAT -> {
                StringBuilder out = new StringBuilder();
                for (Object value : values) {
                    out.append(value);
                }
                yield out.toString();
            }
            case LIKE -> like(text, (String) values[1], values.length > 2 ? (String) values[2] : "");
            case POSITION -> {
                String in = (String) values[1];
                int at = in.indexOf(text);
                yield at < 0 ? 0L : in.codePointCount(0, at) + 1L;
            }
            case REPLACE ->
                    values[1].equals("") ? text : text.replace((String) values[1], (String) values[2]);
            case LPAD -> pad(characters, values, true);
            case RPAD -> pad(characters, values, false);
            case LEFT -> {
                long count = Math.clamp((Long) values[1], 0, characters.length);
                yield new String(characters, 0, (int) count);
            }
            case RIGHT -> {
                int count = Math.clamp((Long) values[1], 0, characters.length);
                yield new String(characters, characters.length - count, count);
            }
            case STARTS_WITH -> text.startsWith((String) values[1]);
            case ENDS_WITH -> text.endsWith((String) values[1]);
            case REVERSE -> new StringBuilder(text).reverse().toString();
            case REPEAT -> {
                long count = Math.max(0, (Long) values[1]);
                if (!text.isEmpty() && count * text.getBytes(StandardCharsets.UTF_8).length > 16 << 20
                        || count > 16 << 20 && !text.isEmpty()) {
                    throw new EvaluationError(ErrorCode.FUNCTION_FAILED);
                }
                yield text.isEmpty() ? "" : text.repeat((int) count);
            }
            case SPLIT_INDEX -> {
                String delimiter = (String) values[1];
                long index = (Long) values[2];
                String[] parts = delimiter.isEmpty()
                        ? new String[] {text}
                        : text.split(Pattern.quote(delimiter), -1);
                yield text.isEmpty() || index < 0 || index >= parts.length ? null : parts[(int) index];
            }
            case REGEXP_LIKE, REGEXP_REPLACE, REGEXP_EXTRACT -> regularExpression(operation, text, values);
            default -> throw new IllegalArgumentException(operation.toString());
        };
    }

    private static String initcap(int[] characters) {
        StringBuilder out = new StringBuilder();
        boolean inside = false;
        for (int c : characters) {
            out.appendCodePoint(inside ? Character.toLowerCase(c) : Character.toUpperCase(c));
            inside = Character.isLetterOrDigit(c);
        }
        return out.toString();
    }

    private static String set(Object[] values) {
        return values.length > 1 ? (String) values[1] : " ";
    }

    private static String trimmed(int[] characters, String set, boolean left, boolean right) {
        int from = 0;
        int to = characters.length;
        while (left && from < to && set.indexOf(characters[from]) >= 0) {
            from++;
        }
        while (right && to > from && set.indexOf(characters[to - 1]) >= 0) {
            to--;
        }
        return new String(characters, from, to - from);
    }

    private static String substring(int[] characters, long from, long length) {
        if (length < 0) {
            throw new EvaluationError(ErrorCode.FUNCTION_FAILED);
        }
        long start = from > 0 ? from - 1 : from == 0 ? 0 : characters.length + from;
        if (start < 0 || start >= characters.length) {
            return "";
        }
        return new String(characters, (int) start, (int) Math.min(length, characters.length - start));
    }

    private static boolean like(String text, String pattern, String escape) {
        if (escape.codePointCount(0, escape.length()) > 1) {
            throw new EvaluationError(ErrorCode.FUNCTION_FAILED);
        }
        StringBuilder regex = new StringBuilder();
        int[] characters = pattern.codePoints().toArray();
        for (int i = 0; i < characters.length; i++) {
            int c = characters[i];
            if (!escape.isEmpty() && c == escape.codePointAt(0)) {
                i++;
                if (i == characters.length
                        || characters[i] != '%' && characters[i] != '_' && characters[i] != c) {
                    throw new EvaluationError(ErrorCode.FUNCTION_FAILED);
                }
                regex.append(Pattern.quote(Character.toString(characters[i])));
            } else if (c == '%') {
                regex.append(".*");
            } else if (c == '_') {
                regex.append('.');
            } else {
                regex.append(Pattern.quote(Character.toString(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text).matches();
    }

    private static String pad(int[] characters, Object[] values, boolean left) {
        String text = new String(characters, 0, characters.length);
        int[] pad = (values.length > 2 ? (String) values[2] : " ").codePoints().toArray();
        long wanted = Math.max(0, (Long) values[1]);
        if (wanted <= characters.length || pad.length == 0) {
            return new String(characters, 0, (int) Math.min(wanted, characters.length));
        }
        long missing = wanted - characters.length;
        if (missing > 16 << 20) {
            throw new EvaluationError(ErrorCode.FUNCTION_FAILED);
        }
        StringBuilder filled = new StringBuilder();
        for (int i = 0; i < missing; i++) {
            filled.appendCodePoint(pad[i % pad.length]);
        }
        String result = left ? filled + text : text + filled;
        if (result.getBytes(StandardCharsets.UTF_8).length > 16 << 20) {
            throw new EvaluationError(ErrorCode.FUNCTION_FAILED);
        }
        return result;
    }

    private static Object regularExpression(Operation operation, String text, Object[] values) {
        try {
            Matcher matcher = Pattern.compile((String) values[1]).matcher(text);
            return switch (operation) {
                case REGEXP_LIKE -> matcher.find();
                case REGEXP_REPLACE -> matcher.replaceAll((String) values[2]);
                default -> {
                    long group = values.length > 2 ? (Long) values[2] : 0;
                    if (group < 0 || group > matcher.groupCount()) {
                        throw new EvaluationError(ErrorCode.FUNCTION_FAILED);
                    }
                    yield matcher.find() ? matcher.group((int) group) : null;
                }
            };
        } catch (PatternSyntaxException | IndexOutOfBoundsException bad) {
            throw new EvaluationError(ErrorCode.FUNCTION_FAILED);
        }
    }
}
