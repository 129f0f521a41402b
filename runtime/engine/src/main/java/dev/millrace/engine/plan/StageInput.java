// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import dev.millrace.engine.type.Schema;

/**
 * The output of an earlier stage that a stage reads: one input a partition of that stage. It ends when the inputs of that
 * stage end. Only rows that are durable there travel.
 *
 * @param stage number of the stage that is read, smaller than that of the reader
 * @param sent its columns
 * @param time the event time among them, or null if there is none
 * @param exchange how rows get to the partitions
 */
public record StageInput(int stage, Schema sent, TimeColumn time, Exchange exchange) implements Input {}
