// Pulumi's SDK takes a stack trace for each of its promises, some fifty for a resource, and formats it: half of the time of a
// recording. What a failing assertion needs, its place in the test, is among the first frames.
Error.stackTraceLimit = 4;
