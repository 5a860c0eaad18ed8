// A file whose default is no program.
export default { steps: 3, train() {} };
