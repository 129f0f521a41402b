// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * Keeps threads on CPUs of their own: who is pinned where, and the executor that pins its threads. It knows nothing of
 * what the threads do, and does nothing at all unless a node asks for it.
 */
package dev.millrace.cluster.affinity;
