// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** SQL types, columns and schemas, and how each type is stored in a vector. */
package dev.millrace.engine.type;
