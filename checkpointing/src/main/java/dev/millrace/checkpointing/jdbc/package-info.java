// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * State in a database of PostgreSQL's: the plugins of {@code pekko-persistence-jdbc}, the tables that they need, and the
 * rule by which a writer that was overtaken is refused. Must never write a password anywhere.
 */
package dev.millrace.checkpointing.jdbc;
