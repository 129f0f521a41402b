// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Several servers, each a process of its own with an address of its own on loopback, and what becomes of their jobs. */
package dev.millrace.server.cluster;
