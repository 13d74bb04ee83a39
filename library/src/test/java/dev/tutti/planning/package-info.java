/// Tests of how proposals are read, among them on plans that a real model wrote.
@NullMarked
package dev.tutti.planning;

import org.jspecify.annotations.NullMarked;
