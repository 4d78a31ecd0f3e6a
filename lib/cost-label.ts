/** The label, or tag, that every resource of an environment has in a cloud: its value is the environment's name, so that a bill can be split. */
export const costLabel = "environment";
