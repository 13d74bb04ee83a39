/// How runs and questions are shown.
@NullMarked
package dev.tutti.view;

import org.jspecify.annotations.NullMarked;
