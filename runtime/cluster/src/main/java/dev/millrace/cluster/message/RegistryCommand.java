// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import org.apache.pekko.actor.typed.ActorRef;

/** What the registry of jobs is told. */
public sealed interface RegistryCommand {
    /** Which job has this name? A new one gets an id. */
    record Register(String name, ActorRef<Registered> replyTo) implements RegistryCommand, Message {}

    /** Time to ping the jobs. */
    record Tick() implements RegistryCommand, LocalMessage {}

    /** The job of the name asked for. */
    record Registered(JobId id) implements Message {}
}
