// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Coded errors with position, cause and way out. Every message that a user can meet has a code here. */
package dev.millrace.engine.error;
