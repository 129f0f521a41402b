// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.deadletter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Schema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterFileTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    @TempDir
    private Path directory;

    @Test
    void shouldAppendOneLineForEachRecordAcrossOpenings() throws Exception {
        Path path = directory.resolve("a/b/dead.jsonl");
        try (DeadLetterFile file = DeadLetterFile.open(path, CLOCK)) {
            byte[] text = "{\"a\":ü\n".getBytes(StandardCharsets.UTF_8);
            file.append("t", 2, new BadRecord(17, text, ErrorCode.RECORD_MALFORMED, "no \"value\""));
            file.append("t", 2, new BadRecord(18, new byte[] {(byte) 0xff}, ErrorCode.RECORD_MALFORMED, "bytes"));
        }
        try (DeadLetterFile file = DeadLetterFile.open(path, CLOCK)) {
            file.append("t", 0, new BadRecord(1, new byte[0], ErrorCode.OVERFLOW, "too big"));
            file.flush();
            assertEquals(
                    List.of(
                            "{\"time\":\"2026-01-02T03:04:05Z\",\"table\":\"t\",\"split\":2,\"position\":17,"
                                    + "\"code\":\"MR-3010\",\"reason\":\"no \\\"value\\\"\","
                                    + "\"record\":\"{\\\"a\\\":ü\\n\"}",
                            "{\"time\":\"2026-01-02T03:04:05Z\",\"table\":\"t\",\"split\":2,\"position\":18,"
                                    + "\"code\":\"MR-3010\",\"reason\":\"bytes\",\"record_base64\":\"/w==\"}",
                            "{\"time\":\"2026-01-02T03:04:05Z\",\"table\":\"t\",\"split\":0,\"position\":1,"
                                    + "\"code\":\"MR-4001\",\"reason\":\"too big\"}"),
                    Files.readAllLines(path));
        }
    }

    @Test
    void shouldWriteByItselfWhenMuchWaits() throws Exception {
        Path path = directory.resolve("dead.jsonl");
        try (DeadLetterFile file = DeadLetterFile.open(path, CLOCK)) {
            byte[] record = new byte[DeadLetterFile.BUFFER_BYTES_MAX / 2];
            java.util.Arrays.fill(record, (byte) 'x');
            file.append("t", 0, new BadRecord(0, record, ErrorCode.RECORD_MALFORMED, "x"));
            assertEquals(0, Files.size(path));
            file.append("t", 0, new BadRecord(1, record, ErrorCode.RECORD_MALFORMED, "x"));
            assertTrue(Files.size(path) > DeadLetterFile.BUFFER_BYTES_MAX);
        }
    }

    @Test
    void shouldSayWhatToDoWhenTheFileCanNotBeWritten() {
        MillraceException e = assertThrows(MillraceException.class, () -> DeadLetterFile.open(directory));
        assertEquals(ErrorCode.SINK_FAILED, e.code());
        assertTrue(e.hint().contains("dead-letter.path"));
    }

    @Test
    void shouldReadWhatTheTableWants() {
        assertEquals(OnError.DEAD_LETTER, OnError.of(table(Map.of())));
        assertEquals(OnError.SKIP, OnError.of(table(Map.of("json.ignore-parse-errors", "true"))));
        assertEquals(OnError.FAIL, OnError.of(table(Map.of("on-error", "FAIL"))));
        assertThrows(MillraceException.class, () -> OnError.of(table(Map.of("on-error", "explode"))));
    }

    private static TableDefinition table(Map<String, String> options) {
        return new TableDefinition("t", Schema.of(), List.of(), options);
    }
}
