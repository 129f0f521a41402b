// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.List;

/** The same query by a single thread, which reads the splits one after the other and never fails. */
final class Oracle {

    private Oracle() {}

    static String summary(SimulationPlan plan, List<SimulatedSource> sources, int partition) {
        Rules rules = new Rules();
        WindowCounts counts = new WindowCounts(plan.allowedMillis());
        for (SimulatedSource source : sources) {
            for (SimulatedSource.Entry entry : source.entries) {
                if (!entry.filtered() && rules.route(plan, source, entry, 0) == partition) {
                    counts.add(new Rows.Row(source.split, entry.position(), entry.key(), entry.time(),
                            before(source, entry.position())), false);
                }
            }
        }
        counts.close(Long.MAX_VALUE);
        return counts.summary();
    }

    /** The watermark of a split just before a position, by its definition. */
    static long before(SimulatedSource source, long position) {
        long watermark = Long.MIN_VALUE;
        for (SimulatedSource.Entry entry : source.entries) {
            if (entry.position() < position && entry.watermarkTime() != SplitWatermark.NO_TIME) {
                watermark = Math.max(watermark, entry.watermarkTime() - 1);
            }
        }
        return watermark;
    }
}
