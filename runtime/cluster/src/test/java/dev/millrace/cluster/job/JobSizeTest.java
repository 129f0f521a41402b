// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.TestSystems;
import dev.millrace.cluster.message.InputSplits;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.ResultOrder;
import dev.millrace.engine.plan.Target;
import dev.millrace.engine.type.Schema;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("integration")
@Timeout(30)
class JobSizeTest {
    private ActorSystem<Void> system;

    @BeforeEach
    void start() {
        system = TestSystems.start(Map.of("pekko.remote.artery.advanced.maximum-frame-size", "1 MiB"));
    }

    @AfterEach
    void end() {
        system.terminate();
    }

    @Test
    void shouldTakeWhatFitsAMessage() {
        JobSize.check(system, plan("SELECT 1"), List.of(splits(8, 500_000)));
    }

    @Test
    void shouldRefuseAPlanThatDoesNotFit() {
        assertRefused(plan("SELECT 1 -- " + "x".repeat(1 << 20)), List.of(), "the plan of the job has 1048");
    }

    @Test
    void shouldRefuseASplitOfTooManyFiles() {
        assertRefused(plan("SELECT 1"), List.of(splits(8, 1_000_000)), "a split and its files");
    }

    @Test
    void shouldRefuseASavepointOfFilesThatFitNoMessageTogether() {
        assertNull(JobSize.whyNoSavepoint(system, plan("SELECT 1"), List.of(splits(2, 400_000))));
        String refusal = JobSize.whyNoSavepoint(system, plan("SELECT 1"), List.of(splits(3, 400_000)));
        assertTrue(refusal.contains("its list of files has 126"), refusal);
    }

    private void assertRefused(JobPlan plan, List<InputSplits> splits, String reason) {
        MillraceException e = assertThrows(MillraceException.class, () -> JobSize.check(system, plan, splits));
        assertEquals(ErrorCode.JOB_TOO_LARGE, e.code());
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    private static JobPlan plan(String sql) {
        return new JobPlan(
                "job", sql, List.of(), new Target.Client(Schema.of(), ResultOrder.NONE), false, Map.of());
    }

    private static InputSplits splits(int count, int descriptionBytes) {
        String files = "f".repeat(descriptionBytes);
        List<Split> splits = IntStream.range(0, count)
                .mapToObj(index -> new Split(index, files, 0, Split.UNBOUNDED))
                .toList();
        return new InputSplits(0, 0, splits);
    }
}
