// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** What servers and their clients know each other by. Never shown, never logged. */
package dev.millrace.server.access;
