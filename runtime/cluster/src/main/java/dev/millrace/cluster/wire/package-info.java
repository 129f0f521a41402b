/** How the messages and events of the cluster become bytes. */
package dev.millrace.cluster.wire;
