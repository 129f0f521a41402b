// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import dev.millrace.server.oracle.Oracle.Deployment;
import dev.millrace.server.oracle.QueryGenerator.Changes;
import dev.millrace.server.oracle.QueryGenerator.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Queries made by seed. More of them: {@code -Dgroups=soak -Dmillrace.oracle.queries=5000}. */
@Tag("integration")
@Timeout(30)
@ExtendWith(OracleExtension.class)
final class RandomQueryOracleTest {
    private static final int QUERIES = 80;
    private static final int SOAK_QUERIES = Integer.getInteger("millrace.oracle.queries", 3_000);
    private static final int FAILURES_SHOWN_MAX = 5;
    private static final List<Integer> PARTITIONS = List.of(1, 2, 3, 5, 8);

    @Test
    void shouldSelectAsDuckDbDoes(Oracle oracle) {
        run(oracle, 1, QUERIES, QueryGenerator::select);
    }

    @Test
    void shouldAggregateAsDuckDbDoes(Oracle oracle) {
        run(oracle, 2, QUERIES, QueryGenerator::aggregate);
    }

    @Test
    void shouldAggregateInWindowsAsDuckDbDoes(Oracle oracle) {
        run(oracle, 3, QUERIES, QueryGenerator::windowed);
    }

    @Test
    void shouldLeaveOutRowsThatFail(Oracle oracle) {
        run(oracle, 4, QUERIES, QueryGenerator::failing);
    }

    @Test
    void shouldEndWithWhatDuckDbAnswersIfEveryChangeIsGiven(Oracle oracle) {
        runChanges(oracle, 5, QUERIES);
    }

    @Test
    @Tag("soak")
    @Timeout(36_000)
    void shouldAnswerManyQueriesAsDuckDbDoes(Oracle oracle) {
        run(oracle, 11, SOAK_QUERIES, QueryGenerator::select);
        run(oracle, 12, SOAK_QUERIES, QueryGenerator::aggregate);
        run(oracle, 13, SOAK_QUERIES, QueryGenerator::windowed);
        run(oracle, 14, SOAK_QUERIES, QueryGenerator::failing);
        runChanges(oracle, 15, SOAK_QUERIES);
    }

    private static void run(Oracle oracle, int family, int queries, Function<QueryGenerator, Query> kind) {
        run(family, queries, (generator, deployment) -> {
            Query query = kind.apply(generator);
            Answer answer = oracle.check(query.sql(), query.meaning(), deployment);
            if (query.badRows() != null) {
                Assertions.assertEquals(
                        oracle.count(query.badRows()),
                        answer.bad(),
                        () -> Oracle.describe(query.sql(), query.badRows(), deployment));
            }
        });
    }

    private static void runChanges(Oracle oracle, int family, int queries) {
        run(family, queries, (generator, deployment) -> {
            Changes query = generator.changes();
            String what = Oracle.describe(query.sql(), query.meaning(), deployment);
            Answer answer = oracle.run(query.sql(), deployment);
            Relation changes = answer.relation();
            Assertions.assertNull(changes.last(query.keys()).difference(oracle.meaning(query.meaning())), what);
            Assertions.assertEquals(oracle.count(query.changes()), changes.rows().size(), what);
        });
    }

    private static void run(int family, int queries, BiConsumer<QueryGenerator, Deployment> check) {
        List<String> failures = new ArrayList<>();
        for (int i = 0; i < queries && failures.size() < FAILURES_SHOWN_MAX; i++) {
            long seed = Oracle.SEED * 1_000_003 + family * 100_000L + i;
            Random random = new Random(seed);
            TextFormat format = TextFormat.values()[random.nextInt(2)];
            Deployment deployment = new Deployment(PARTITIONS.get(random.nextInt(PARTITIONS.size())), format);
            try {
                check.accept(new QueryGenerator(seed), deployment);
            } catch (AssertionError e) {
                failures.add("query " + i + " of family " + family + ": " + e.getMessage());
            }
        }
        if (!failures.isEmpty()) {
            Assertions.fail(String.join("\n", failures));
        }
    }
}
