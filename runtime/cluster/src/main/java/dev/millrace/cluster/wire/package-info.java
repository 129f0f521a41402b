// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** How the messages and events of the cluster become bytes. */
package dev.millrace.cluster.wire;
