// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * What is told of jobs, their partitions and readers, and of nodes: how they stand, what they have done, how they have
 * moved. Plain values for people and programs; nothing in here decides or does anything.
 */
package dev.millrace.cluster.status;
