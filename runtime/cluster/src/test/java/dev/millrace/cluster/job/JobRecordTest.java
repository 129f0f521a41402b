// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.protocol.Breakdowns;
import dev.millrace.cluster.protocol.RowRange;
import org.junit.jupiter.api.Test;

class JobRecordTest {
    private static final RowRange ROW = RowRange.row("0.0.0", 17);

    @Test
    void shouldKnowByItsEventsWhereEachPartitionBrokeDown() {
        JobRecord record = JobRecord.EMPTY
                .after(new JobEvent.BrokeDown(0, 1, ROW, "boom"))
                .after(new JobEvent.BrokeDown(0, 1, ROW, "boom"))
                .after(new JobEvent.BrokeDown(0, 2, ROW, "bang"))
                .after(new JobEvent.BrokeDown(0, 1, ROW, "boom"));
        assertEquals("boom", record.breakdowns("partition 0/1").leftOut("0.0.0", 17).reason());
        assertEquals(1, record.breakdowns("partition 0/2").times());
        assertEquals(Breakdowns.NONE, record.breakdowns("partition 0/0"));

        JobRecord healed = record.after(new JobEvent.Healed(0, 1));
        assertTrue(healed.breakdowns("partition 0/1").isNone());
        assertEquals(1, healed.breakdowns("partition 0/2").times());
    }
}
