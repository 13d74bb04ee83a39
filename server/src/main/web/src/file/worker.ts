/** Stands for the address of ELK's worker: a file carries it within. */
export default window.tuttiFile.worker;
