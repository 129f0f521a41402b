// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * How a node becomes one of a cluster: by which addresses it finds the others, what they must have in common, how what
 * they say is encrypted, and who is there. What runs on the nodes is not known here.
 */
package dev.millrace.cluster.member;
