// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * What actors say to each other, and what they speak of: the names of jobs and of their members, what a member is told to
 * be, counts, savepoints. Every message is control or whole batches; what can cross to another node is a
 * {@link dev.millrace.cluster.message.Message} and has a serializer, what an actor says to itself or to its children is
 * marked as never leaving the process.
 */
package dev.millrace.cluster.message;
