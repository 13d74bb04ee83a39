package canary;

/// Laid out by hand.
record Untidy(  String name )
{
}
