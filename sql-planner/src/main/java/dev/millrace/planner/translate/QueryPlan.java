// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.plan.JobPlan;

/**
 * A planned query with what EXPLAIN tells beyond the plan.
 *
 * @param watermarkText the WATERMARK expression as written, or null
 * @param changes what the target takes; null for a SELECT
 */
public record QueryPlan(JobPlan plan, String watermarkText, SinkChanges changes) {}
