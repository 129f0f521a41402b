// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.status.HotKey;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.plan.Exchange;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.plan.Strategy;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class HotKeysTest {
    private static final int ROWS = 1_000;
    private static final long SEED = 20_260_101L;
    private final Random random = new Random(SEED);

    private static HotKeys hotKeys(List<Integer> keys) {
        Schema schema = Schema.of(new Column("symbol", SqlType.STRING));
        SourceInput input = new SourceInput(
                new TableDefinition("trades", schema, List.of(), Map.of("connector", "memory")), List.of(0), null,
                true, List.of(), new Exchange(Strategy.ALWAYS_HASH, keys));
        return new HotKeys(new Stage(0, List.of(input), 1, List.of()));
    }

    private Rows rows(Function<Random, String> key) {
        BytesVector symbols = new BytesVector(ROWS);
        for (int row = 0; row < ROWS; row++) {
            symbols.append(row, key.apply(random));
        }
        Batch batch = Batch.of(new Vector[] {symbols}, ROWS);
        long[] hashes = new long[ROWS];
        new KeyHasher(List.of(0)).hash(batch, hashes);
        return new Rows(batch.withHashes(hashes), null, List.of(), ROWS, null);
    }

    @Test
    void shouldTellTheKeysThatHaveMoreThanATenthOfTheRows() {
        HotKeys keys = hotKeys(List.of(0));
        for (int i = 0; i < 1_000; i++) {
            keys.take(rows(r -> switch (r.nextInt(10)) {
                case 0, 1, 2, 3, 4 -> "half";
                case 5, 6 -> "fifth";
                default -> "other" + r.nextInt(100_000);
            }));
        }
        List<HotKey> hot = keys.list();
        assertEquals(List.of("{\"symbol\":\"half\"}", "{\"symbol\":\"fifth\"}"),
                hot.stream().map(HotKey::key).toList(), "seed " + SEED);
        assertEquals(0.5, hot.get(0).share(), 0.04);
        assertEquals(0.2, hot.get(1).share(), 0.04);
    }

    @Test
    void shouldTellNothingOfKeysThatAreAlike() {
        HotKeys keys = hotKeys(List.of(0));
        for (int i = 0; i < 500; i++) {
            keys.take(rows(r -> "key" + r.nextInt(50)));
        }
        assertEquals(List.of(), keys.list(), "seed " + SEED);
    }

    @Test
    void shouldForgetAKeyThatIsHotNoMore() {
        HotKeys keys = hotKeys(List.of(0));
        Rows before = rows(r -> "before");
        Rows after = rows(r -> "after");
        for (int i = 0; i < 10_000; i++) {
            keys.take(before);
        }
        assertEquals("{\"symbol\":\"before\"}", keys.list().getFirst().key());
        for (int i = 0; i < 400_000; i++) {
            keys.take(after);
        }
        assertEquals(List.of("{\"symbol\":\"after\"}"), keys.list().stream().map(HotKey::key).toList());
    }

    @Test
    void shouldCutLongKeysOff() {
        HotKeys keys = hotKeys(List.of(0));
        keys.take(rows(r -> "x".repeat(10_000)));
        String key = keys.list().getFirst().key();
        assertEquals(HotKeys.KEY_CHARACTERS_MAX + 1, key.length());
        assertTrue(key.startsWith("{\"symbol\":\"xxx"), key);
    }

    @Test
    void shouldTellNothingWhereRowsHaveNoKey() {
        HotKeys keys = hotKeys(List.of());
        keys.take(rows(r -> "a"));
        assertEquals(List.of(), keys.list());
    }
}
