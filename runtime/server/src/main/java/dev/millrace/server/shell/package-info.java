// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * The interactive shell: reads statements, has them carried out in this process or on a server, and shows what comes.
 * Never plans or runs anything by itself.
 */
package dev.millrace.server.shell;
