// The one way from the commands into lab/, for `make up` and what follows it: nothing else that a user runs needs the lab.
export * from "../../lab/index.ts";
