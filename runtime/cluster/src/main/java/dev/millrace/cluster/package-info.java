/** The actors: registry, job, reader, router, lane, partition, keeper. They carry control and whole batches only. */
package dev.millrace.cluster;
