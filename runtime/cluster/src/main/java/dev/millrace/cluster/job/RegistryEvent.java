// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.message.Savepoint;

/** What the registry remembers. */
public sealed interface RegistryEvent {
    /** A name got its job. */
    record Registered(JobId id) implements RegistryEvent {}

    /** A job was dropped: its name is free. */
    record Forgotten(String name) implements RegistryEvent {}

    /** A savepoint is durable. It outlives its job. */
    record SavepointKept(Savepoint savepoint) implements RegistryEvent {}

    /** A savepoint is no more. */
    record SavepointForgotten(String unique) implements RegistryEvent {}
}
