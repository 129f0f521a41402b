// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/** What the registry of jobs is told. */
public sealed interface RegistryCommand {
    /** Which job has this name? A new one gets an id. */
    record Register(String name, ActorRef<Registered> replyTo) implements RegistryCommand, Message {}

    /** Which jobs are there? */
    record List(ActorRef<Jobs> replyTo) implements RegistryCommand, Message {}

    /** A job is dropped: its name is free. */
    record Forget(String name, ActorRef<Jobs> replyTo) implements RegistryCommand, Message {}

    /** A savepoint is durable: remember it. */
    record KeepSavepoint(Savepoint savepoint, ActorRef<Savepoints> replyTo) implements RegistryCommand, Message {}

    /** A savepoint is to be no more. */
    record ForgetSavepoint(String unique, ActorRef<Savepoints> replyTo) implements RegistryCommand, Message {}

    /** Which savepoints are there? */
    record ListSavepoints(ActorRef<Savepoints> replyTo) implements RegistryCommand, Message {}

    /** All savepoints, the oldest first. */
    record Savepoints(java.util.List<Savepoint> savepoints) implements Message {}

    /** From a node that is about to leave, again and again: its partitions and readers are to go elsewhere. */
    record Leave(String node, ActorRef<Leaving> replyTo) implements RegistryCommand, Message {}

    /** All nodes that are about to leave. */
    record Leaving(Set<String> nodes) implements Message {
        public Leaving {
            nodes = Set.copyOf(nodes);
        }
    }

    /** A node is no longer one of the cluster: the jobs that were led there are to be led elsewhere. */
    record NodeGone() implements RegistryCommand, LocalMessage {}

    /** Time to ping the jobs. */
    record Tick() implements RegistryCommand, LocalMessage {}

    /** All jobs, in order of their names. */
    record Jobs(java.util.List<JobId> jobs) implements Message {}

    /** The job of the name asked for. */
    record Registered(JobId id) implements Message {}
}
