// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * One partition's work on one thread: batches, vectors, expressions, operators, state and time.
 *
 * <p>Nothing here knows of actors, of a cluster or of SQL text. Plans, schemas, error codes and the interfaces of
 * connectors, formats and sinks live here too, because every other module speaks in them.
 */
package dev.millrace.engine;
