/** The pipeline's decisions over a store and a catalog in memory, driven by a seed through every fault, and held against the real thing. */
package dev.millrace.bench.simulation;
