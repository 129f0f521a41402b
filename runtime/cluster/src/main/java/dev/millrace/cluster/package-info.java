// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * The front door of a node: {@link dev.millrace.cluster.Node} starts the actors, takes jobs, answers what is asked of them,
 * and ends in order. The rooms behind it know nothing of it.
 */
package dev.millrace.cluster;
