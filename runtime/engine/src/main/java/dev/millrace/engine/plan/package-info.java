// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** The plan of a job: a small sealed tree that the planner makes and the cluster runs. Never generated code. */
package dev.millrace.engine.plan;
