// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.catalog;

/** What has happened to the catalog. */
sealed interface CatalogEvent {
    /** A CREATE or a DROP. */
    record Changed(CatalogStatement statement) implements CatalogEvent {}
}
