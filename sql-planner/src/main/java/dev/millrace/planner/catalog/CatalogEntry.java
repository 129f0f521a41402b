// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.catalog;

/** What a name in FROM can stand for. */
public sealed interface CatalogEntry permits CatalogTable, CatalogView {
    String name();
}
