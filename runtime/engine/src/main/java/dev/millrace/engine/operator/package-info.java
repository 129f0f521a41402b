// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Operators: batch in, batch out, on one thread, without actors, clocks or waiting. */
package dev.millrace.engine.operator;
