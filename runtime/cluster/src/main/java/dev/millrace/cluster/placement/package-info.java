// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * Where jobs, partitions and readers go: the rules, which know no actor, and what carries them out in the sharding of the
 * cluster. Nothing in here knows what a partition or a reader does.
 */
package dev.millrace.cluster.placement;
