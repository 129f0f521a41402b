// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Expressions over the columns of a batch, and their compilation to loops over primitive arrays. */
package dev.millrace.engine.expression;
